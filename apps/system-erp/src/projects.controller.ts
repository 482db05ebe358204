import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { type Page, Project, pageOf } from '@concord/canonical';
import { Projects } from './ports/budgets.port.js';
import { ProjectQuery } from './queries.js';

export const ProjectPage = pageOf(Project);

@Resource('projects')
export class ProjectsController {
  constructor(private readonly projects: Projects) {}

  @Endpoint('GET :id', { scope: 'erp/project.read', summary: 'Read a project or grant', answer: Project })
  readProject(@Param('id') id: string): Promise<Project> {
    return this.projects.readProject(id);
  }

  @Endpoint('GET', {
    scope: 'erp/project.read',
    summary: 'List projects and grants with what is left of their budget',
    answer: ProjectPage,
  })
  listProjects(@Query() query: ProjectQuery): Promise<Page<Project>> {
    return this.projects.listProjects(query);
  }
}
